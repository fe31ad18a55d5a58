"""The pages of the desk: inbox, case, signing; and of the counter."""
