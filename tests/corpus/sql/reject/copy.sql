CREATE TABLE t (a int);
COPY t (a) FROM stdin;
1	it's (
\N
\.
SELECT 1;
COPY t FROM STDIN WITH (FORMAT csv);
COPY t TO STDOUT;
