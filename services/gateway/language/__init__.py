"""What the pages say and how they write dates, phones and numbers, per language."""
