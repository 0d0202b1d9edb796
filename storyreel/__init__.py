"""What all Storyreel services share."""
