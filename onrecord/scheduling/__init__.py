"""What is done every day: which jobs there are, each in a process of its own, and the loop over them."""
