-- What a body is asked to comment on is found by its key, the earliest day first.
CREATE INDEX finding_comment_waiting ON finding_comment (body_key, due_at, id)
  WHERE side = 'body' AND answered_at IS NULL AND closed = 0 AND body_key <> '';
