"""Pages for leaders: one file that opens anywhere, and the local page for what-ifs."""
