// File services: a file put, shown, presigned and deleted; exports and imports that go through them.
import assert from "node:assert/strict";

async function upload(shop, path, name, bytes, type) {
  const form = new FormData();
  form.append("files", new Blob([bytes], { type }), name);
  const answer = await fetch(`${shop.base}${path}`, { method: "POST", headers: shop.user, body: form });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()).uploads;
}
const bytesOf = async (answer) => Buffer.from(await answer.arrayBuffer());
const presigned = async (shop, key) => (await shop.asAdmin("POST", "/admin/uploads/download-url", { file_key: key })).download_url;

// A batch job's end: what it says when it is completed.
async function jobEnd(shop, body) {
  const { batch_job } = await shop.asAdmin("POST", "/admin/batch-jobs", body);
  return shop.later(`the ${body.type} doesn't end`, async () => {
    const { batch_job: now } = await shop.asAdmin("GET", `/admin/batch-jobs/${batch_job.id}`);
    assert.ok(!["failed", "canceled"].includes(now.status), JSON.stringify(now.result));
    return now.status === "completed" && now;
  });
}

async function store(shop, check, { name, bucket }) {
  const { objects } = shop.doubles.s3;
  const image = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) % 251));
  let public_, private_;
  await check(`${name} keeps an upload, and shows it to everybody`, async () => {
    const [file] = await upload(shop, "/admin/uploads", "mug shot.png", image, "image/png");
    public_ = file;
    const answer = await fetch(file.url.replaceAll(" ", "%20"));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "image/png");
    assert.deepEqual(await bytesOf(answer), image);
  });
  await check(`${name} shows a protected upload to whom the shop gives an address`, async () => {
    const [file] = await upload(shop, "/admin/uploads/protected", "invoice.pdf", Buffer.from("%PDF-"), "application/pdf");
    private_ = file;
    assert.equal((await fetch(file.url)).status, 403);
    const answer = await fetch(await presigned(shop, file.key));
    assert.deepEqual([answer.status, (await bytesOf(answer)).toString()], [200, "%PDF-"]);
  });
  await check(`${name} is told what is deleted`, async () => {
    await shop.asAdmin("DELETE", "/admin/uploads", { file_key: public_.key });
    const asked = shop.doubles.s3.of("DELETE", /./).map(({ path }) => decodeURIComponent(path));
    // medusa-file-s3 1.4.2 looks for the key under another name than 1.20 gives it.
    if (name === "S3") assert.deepEqual(asked, ["/shop/undefined"]);
    else assert.deepEqual([asked.sort(), objects.has(`shop/${public_.key}`)], [[`/private/${public_.key}`, `/shop/${public_.key}`], false]);
  });
  await check(`${name} takes an export and gives it out again`, async () => {
    const job = await jobEnd(shop, { type: "product-export", context: {}, dry_run: false });
    const answer = await fetch(await presigned(shop, job.result.file_key));
    assert.equal(answer.status, 200, await answer.clone().text());
    const text = await answer.text();
    assert.match(text.split("\n")[0], /Product Handle/);
    for (const handle of ["mug", "shirt", "lamp"]) assert.ok(text.includes(handle), `no ${handle} in\n${text.slice(0, 400)}`);
    assert.ok([...objects.keys()].some((key) => key.startsWith(`${bucket}/`) && key.includes("product-export")));
  });
  await check(`an import reads its file from ${name}`, async () => {
    const table = "Product Handle;Product Title;Product Status;Variant Title;Variant SKU;Variant Inventory Quantity;Variant Allow Backorder;Variant Manage Inventory;Price EUR;Option 1 Name;Option 1 Value\nimported;Imported from a store;published;One;IMPORTED-1;4;false;true;12.50;Size;One\n";
    const [file] = await upload(shop, "/admin/uploads/protected", "products.csv", Buffer.from(table), "text/csv");
    const job = await jobEnd(shop, { type: "product-import", context: { fileKey: file.key }, dry_run: false });
    assert.equal(job.status, "completed");
    const { products } = await shop.asAdmin("GET", "/admin/products?handle=imported");
    assert.deepEqual(products.map(({ title }) => title), ["Imported from a store"]);
    assert.deepEqual(products[0].variants[0].prices.map(({ amount, currency_code }) => [amount, currency_code]), [[1250, "eur"]]);
  });
}

export const s3 = (shop, check) => store(shop, check, { name: "S3", bucket: "shop" });
export const minio = (shop, check) => store(shop, check, { name: "MinIO", bucket: "private" });
