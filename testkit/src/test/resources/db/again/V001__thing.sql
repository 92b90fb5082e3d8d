create table again.thing (id integer primary key);
