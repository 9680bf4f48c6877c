-- unit: core_publishable_key_links
-- migration: 1701894188811 PublishableKeySalesChannelLink1701894188811
ALTER TABLE publishable_api_key_sales_channel
    ADD COLUMN id text,
    ADD COLUMN created_at timestamptz DEFAULT now() NOT NULL,
    ADD COLUMN updated_at timestamptz DEFAULT now() NOT NULL,
    ADD COLUMN deleted_at timestamptz;
UPDATE publishable_api_key_sales_channel SET id = 'pksc_' || upper(substr(md5(random()::text), 1, 26));
ALTER TABLE publishable_api_key_sales_channel ALTER COLUMN id SET NOT NULL;
CREATE INDEX "IDX_id_publishable_api_key_sales_channel" ON publishable_api_key_sales_channel USING btree (id);
-- down
ALTER TABLE publishable_api_key_sales_channel DROP COLUMN id, DROP COLUMN created_at, DROP COLUMN updated_at, DROP COLUMN deleted_at;
