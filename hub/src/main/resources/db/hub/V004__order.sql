-- A value that is neither text, number nor truth has a text of its own, so that an order finds all that is not in an index's order.
alter table hub.attribute no force row level security;
update hub.attribute set text = '{' where text is null and number is null;
alter table hub.attribute force row level security;
