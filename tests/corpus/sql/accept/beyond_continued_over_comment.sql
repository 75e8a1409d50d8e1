SELECT E'one' -- with a comment; between
  '\';two' AS x;
SELECT 'a'
-- b;'
'c;' ; SELECT 2;
