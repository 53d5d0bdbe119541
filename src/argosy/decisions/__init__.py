"""What is proposed, decided, done and measured, and the log of it all."""
