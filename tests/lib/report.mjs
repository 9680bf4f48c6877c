// The lines by which a test program tells tests/run.mjs how it went: "ok NAME", "not ok NAME", "skip NAME: reason".
let failures = 0;

export async function check(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    failures++;
    console.log(`not ok ${name}`);
    const text = error.code === "ERR_ASSERTION" ? error.message : (error.stack ?? String(error));
    for (const line of text.split("\n").slice(0, 25)) console.log(`      ${line}`);
  }
}
export const skip = (name, reason) => console.log(`skip ${name}: ${reason}`);
export const finish = () => process.exit(failures ? 1 : 0);
