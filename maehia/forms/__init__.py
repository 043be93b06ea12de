"""One form engine for reports, applications and damage surveys; attachments; documents with a verify page."""
