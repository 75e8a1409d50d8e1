/* a; /* nested; */ still; */ SELECT 1 /* ; */ ; -- SELECT 2;
--SELECT 3;
SELECT 4--;
+ 5;
SELECT 6/**/;/*/ ; */SELECT 7;;;
;SELECT 8 - -1, 2-/* minus */-1, 3*--c
4
