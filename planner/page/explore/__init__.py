"""The local page for what-ifs: levers in, figures out, on this machine only."""
