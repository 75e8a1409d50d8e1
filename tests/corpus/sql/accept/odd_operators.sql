SELECT 1<-1, 2 @-1, 3*-+1, 4!=5, a.b, a . b, 1.5e-3, .5, 5., 1e10;
SELECT '{"a": {"b": 1}}'::jsonb #>> '{a,b}', x->'a'->>'b', x ?| array['a'], x @> '{}';
SELECT f(a := 1, b => 2), $1, a[1:2], "x"::text;
CREATE OPERATOR <-> (LEFTARG = int, RIGHTARG = int, FUNCTION = f);
