-- unit: stock_location
-- With the module stockLocationService.
-- migration: 1665749860179 setup1665749860179
CREATE TABLE stock_location (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    name text NOT NULL,
    address_id text,
    metadata jsonb
);
CREATE TABLE stock_location_address (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    address_1 text NOT NULL,
    address_2 text,
    company text,
    city text,
    country_code text NOT NULL,
    phone text,
    province text,
    postal_code text,
    metadata jsonb
);
ALTER TABLE ONLY stock_location ADD CONSTRAINT "PK_adf770067d0df1421f525fa25cc" PRIMARY KEY (id);
ALTER TABLE ONLY stock_location_address ADD CONSTRAINT "PK_b79bc27285bede680501b7b81a5" PRIMARY KEY (id);
CREATE INDEX "IDX_stock_location_address_country_code" ON stock_location_address USING btree (country_code);
CREATE INDEX "IDX_stock_location_address_id" ON stock_location USING btree (address_id) WHERE (deleted_at IS NOT NULL);
-- down
DROP TABLE stock_location;
DROP TABLE stock_location_address;
