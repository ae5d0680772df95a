"""Labels as figures and files: regions, agreement, CSV and COCO. No framework."""
