"""Markets with known truth, and the exports a specialist would download from them."""
