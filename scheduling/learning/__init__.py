"""What past rosters suggest: files are read by a child, for anybody may have made them."""
