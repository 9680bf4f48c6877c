// The lines by which a test program tells tests/run.mjs how it went: "ok NAME", "not ok NAME", "skip NAME: reason".
let failures = 0;

// Runs the body. One that isn't done within its time ends the whole program: nobody knows what it still holds.
export async function check(name, body, { seconds = 300 } = {}) {
  const late = setTimeout(() => {
    failures++;
    console.log(`not ok ${name}`);
    console.log(`      not done within ${seconds} s; what comes after it was not run`);
    finish();
  }, seconds * 1000);
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    failures++;
    console.log(`not ok ${name}`);
    const text = error.code === "ERR_ASSERTION" ? error.message : (error.stack ?? String(error));
    for (const line of text.split("\n").slice(0, 25)) console.log(`      ${line}`);
  } finally {
    clearTimeout(late);
  }
}
export const skip = (name, reason) => console.log(`skip ${name}: ${reason}`);
export const finish = () => process.exit(failures ? 1 : 0);
