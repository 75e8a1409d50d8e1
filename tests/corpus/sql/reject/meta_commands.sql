\restrict abc'
SELECT 1;
\connect x
SELECT 2 \gexec
SELECT 3;
