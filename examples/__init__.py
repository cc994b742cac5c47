"""Small files of our own making, and the demonstration that scores them."""
