-- When a unit that was sent was on its way, and at the scene: the first report of each counts.
alter table incidents.assignment add column en_route_at timestamptz;
alter table incidents.assignment add column on_scene_at timestamptz;
