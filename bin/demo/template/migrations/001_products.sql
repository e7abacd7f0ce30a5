create table products (
  id text primary key,
  name text not null,
  cents integer not null check (cents > 0)
);
