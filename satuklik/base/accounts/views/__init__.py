"""The pages of login (`entry`, `factor`) and of the account (`account`, `keys`)."""
