-- Scopes are rows of an attribute of that name, so that scopeQ is answered by the index that answers q.
alter table hub.entity no force row level security;
alter table hub.entity_type no force row level security;
alter table hub.attribute no force row level security;

insert into hub.attribute (iid, tenant, organisation_id, kind, name, path, dataset, n, listed, text)
select e.iid, e.tenant, e.organisation_id, y.kind, 'scope', '', '', x.n - 1, cardinality(e.scopes) > 1,
       left(case when x.scope like '/%' then x.scope else '/' || x.scope end, 200)
  from hub.entity e
  join hub.entity_type y on y.iid = e.iid
 cross join lateral unnest(e.scopes) with ordinality as x (scope, n)
 where e.deleted_at is null;

alter table hub.entity force row level security;
alter table hub.entity_type force row level security;
alter table hub.attribute force row level security;
