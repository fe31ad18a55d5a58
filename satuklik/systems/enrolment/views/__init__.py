"""The pages of enrolment: the board, one person, one's own way, the import, the verifikators."""
