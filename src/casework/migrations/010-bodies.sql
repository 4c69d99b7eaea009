-- What refers to a body, by its key: lists of a body's own pages, and merging.
CREATE INDEX recommendation_of_body ON recommendation (body_key, due_day, id) WHERE body_key <> '';
CREATE INDEX case_issue_body ON case_issue (body_key, id) WHERE body_key <> '';
CREATE INDEX body_merge_row_of ON body_merge_row (noun, row_id); -- what became of one: sulh verify
CREATE INDEX finding_comment_body ON finding_comment (body_key, id) WHERE body_key <> '';
