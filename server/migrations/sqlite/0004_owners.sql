-- Which server runs what. Here there is only one; the columns are there so that both engines take the same statements.

ALTER TABLE executions ADD COLUMN owner TEXT;
ALTER TABLE workspaces ADD COLUMN owner TEXT;
