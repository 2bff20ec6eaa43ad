"""What leaves the file: a preview that points at nobody, and the full packet after acceptance."""
