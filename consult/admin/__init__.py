"""What administrators set for conversations."""

from consult.admin import desk as desk
