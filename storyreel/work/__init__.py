"""The work role: claims tasks and drives engines through them."""
