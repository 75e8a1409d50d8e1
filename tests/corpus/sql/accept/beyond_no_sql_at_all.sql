SELEKT 2; foo;
drop everything ;
{};
