-- old:
-- new:
CREATE TYPE e AS ENUM ('a', 'b''c'); CREATE TABLE t (a e DEFAULT 'a');
