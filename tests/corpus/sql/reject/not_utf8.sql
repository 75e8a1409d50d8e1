SELECT 'café';
SELECT 'À¯', 'õ';
SELECT 'í €';
SELECT 'â‚'