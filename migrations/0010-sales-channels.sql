-- unit: sales_channels
-- With the feature flag sales_channels.
-- migration: 1656949291839 salesChannel1656949291839
-- migration: 1680714052628 addSalesChannelMetadata1680714052628
ALTER TABLE cart ADD COLUMN sales_channel_id varchar;
ALTER TABLE "order" ADD COLUMN sales_channel_id varchar;
CREATE TABLE product_sales_channel (
    product_id varchar NOT NULL,
    sales_channel_id varchar NOT NULL
);
CREATE TABLE sales_channel (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    name varchar NOT NULL,
    description varchar,
    is_disabled boolean DEFAULT false NOT NULL,
    metadata jsonb
);
ALTER TABLE store ADD COLUMN default_sales_channel_id varchar;
ALTER TABLE ONLY sales_channel ADD CONSTRAINT "PK_d1eb0b923ea5a0eb1e0916191f1" PRIMARY KEY (id);
ALTER TABLE ONLY product_sales_channel ADD CONSTRAINT "PK_fd29b6a8bd641052628dee19583" PRIMARY KEY (product_id, sales_channel_id);
ALTER TABLE ONLY store ADD CONSTRAINT "UQ_61b0f48cccbb5f41c750bac7286" UNIQUE (default_sales_channel_id);
CREATE INDEX "IDX_37341bad297fe5cca91f921032" ON product_sales_channel USING btree (sales_channel_id);
CREATE INDEX "IDX_5a4d5e1e60f97633547821ec8d" ON product_sales_channel USING btree (product_id);
ALTER TABLE ONLY product_sales_channel ADD CONSTRAINT "FK_37341bad297fe5cca91f921032b" FOREIGN KEY (sales_channel_id) REFERENCES sales_channel(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY store ADD CONSTRAINT "FK_61b0f48cccbb5f41c750bac7286" FOREIGN KEY (default_sales_channel_id) REFERENCES sales_channel(id);
ALTER TABLE ONLY "order" ADD CONSTRAINT "FK_6ff7e874f01b478c115fdd462eb" FOREIGN KEY (sales_channel_id) REFERENCES sales_channel(id);
ALTER TABLE ONLY cart ADD CONSTRAINT "FK_a2bd3c26f42e754b9249ba78fd6" FOREIGN KEY (sales_channel_id) REFERENCES sales_channel(id);
-- down
ALTER TABLE cart DROP COLUMN sales_channel_id;
ALTER TABLE "order" DROP COLUMN sales_channel_id;
ALTER TABLE store DROP COLUMN default_sales_channel_id;
DROP TABLE product_sales_channel;
DROP TABLE sales_channel;
