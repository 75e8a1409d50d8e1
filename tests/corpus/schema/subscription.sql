-- since 15
-- old:
CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere dbname=''d''' PUBLICATION a, b WITH (connect = false, slot_name = NONE); CREATE SUBSCRIPTION gone CONNECTION 'host=/nowhere' PUBLICATION a WITH (connect = false, slot_name = NONE, streaming = true); CREATE SUBSCRIPTION e CONNECTION 'host=/nowhere' PUBLICATION a WITH (connect = false, slot_name = 'e');
-- new:
CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere dbname=''d''' PUBLICATION "C c", b WITH (connect = false, slot_name = 'other', binary = true, synchronous_commit = 'remote_apply', disable_on_error = true); CREATE SUBSCRIPTION n CONNECTION 'host=/nowhere' PUBLICATION a WITH (connect = false, slot_name = NONE, two_phase = true); CREATE SUBSCRIPTION e CONNECTION 'host=/nowhere' PUBLICATION a WITH (connect = false, slot_name = 'e'); ALTER SUBSCRIPTION e ENABLE; COMMENT ON SUBSCRIPTION e IS 'e';
