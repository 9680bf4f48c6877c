// The shop's settings, as run.mjs walks through them: what an admin creates, changes, links and removes.
export async function settings(n, step, { user }) {
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });

  // Return reasons.
  await step("GET /store/return-reasons", {});
  await step("GET /store/return-reasons/:id", { path: "/store/return-reasons/rr_x1" });
  await step("GET /admin/return-reasons", admin());
  await step("GET /admin/return-reasons/:id", admin("/admin/return-reasons/rr_x1"));
  const { return_reason: reason } = await step("POST /admin/return-reasons", admin(undefined, { value: "small", label: "Small", parent_return_reason_id: "rr_x1" }));
  await step("POST /admin/return-reasons/:id", admin(`/admin/return-reasons/${reason.id}`, { label: "Smaller", metadata: { shelf: 1 } }));
  await step("DELETE /admin/return-reasons/:id", admin(`/admin/return-reasons/${reason.id}`));
}
