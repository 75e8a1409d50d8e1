-- both:
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- old:
CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE q (a integer); CREATE TRIGGER tr BEFORE INSERT ON q FOR EACH ROW EXECUTE FUNCTION tr();
-- new:
CREATE TABLE p (a integer) PARTITION BY RANGE (a); CREATE TABLE q PARTITION OF p DEFAULT; CREATE TRIGGER tr BEFORE INSERT ON q FOR EACH ROW EXECUTE FUNCTION tr();
-- refused:
the table public.p cannot be made anew while public.q is attached to it, whose triggers would fire for rows that are copied
