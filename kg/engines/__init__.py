"""Where a build can run other than on one machine."""
