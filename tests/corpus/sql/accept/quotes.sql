-- every kind of quote, each with a semicolon and a quote of another kind in it
SELECT 'a;b', 'it''s; "fine"', 'back\slash;';
SELECT E'a\';b', e'\\', E'\x27;';
SELECT U&'\0061;' , U&"\0061;", U&'d!0061t;' UESCAPE '!';
SELECT B'0101', X'1F', N'na;me';
SELECT "a;b", "with ""quotes"";";
SELECT $$a;b$$, $tag$ a; $$ ; $other$ $tag$, $_1$;$_1$, $é$;$é$;
SELECT 'one'
  'two;'
  'three';
SELECT E'one'
  '\';two';
