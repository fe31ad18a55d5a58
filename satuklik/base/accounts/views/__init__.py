"""The pages of login (`entry`, `password`, `factor`) and of the account (`account`, `keys`)."""
