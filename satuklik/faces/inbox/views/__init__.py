"""The pages of the chat inbox."""
