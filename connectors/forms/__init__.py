"""The forms connector: what a site sends becomes an inquiry."""
