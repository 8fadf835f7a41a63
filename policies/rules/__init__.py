"""One rule a file, named by its demand. A module whose name starts with an underscore is shared by several rules."""
