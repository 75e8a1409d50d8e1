
 -- nothing here;
/* or
 here; */ ;;
