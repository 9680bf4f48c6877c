// Users, and what stands around them, as run.mjs walks through them: invitations, apps, notifications, batch jobs.

export async function people(n, step, { user }) {
  const admin = (path, body, more) => ({ path, body, headers: user, ...more });

  // Users and their passwords.
  const newcomer = { email: "people@example.com", password: "supersecret" };
  const { user: made } = await step("POST /admin/users", admin(undefined, { ...newcomer, first_name: "P", role: "member" }));
  const one = `/admin/users/${made.id}`;
  await step("GET /admin/users", admin("/admin/users?limit=1000&q=x"));
  await step("GET /admin/users/:user_id", admin(one));
  await step("POST /admin/users/:user_id", admin(one, { last_name: "L", metadata: { shoes: "winged" } }));
  await step("POST /admin/users/password-token", { body: { email: newcomer.email }, status: [204] });
  await step("POST /admin/users/reset-password", { body: { email: newcomer.email, token: "none", password: "supersecret" }, status: [400] });
  await step("DELETE /admin/users/:user_id", admin(one));

  // Invitations.
  await step("POST /admin/invites", admin(undefined, { user: "guest@example.com", role: "member" }));
  const { invites } = await step("GET /admin/invites", admin());
  const invite = invites.find(({ user_email }) => user_email === "guest@example.com");
  await step("POST /admin/invites/:invite_id/resend", admin(`/admin/invites/${invite.id}/resend`));
  await step("POST /admin/invites/accept", { body: { token: invite.token, user: { first_name: "G", password: "supersecret" } } });
  await step("DELETE /admin/invites/:invite_id", admin("/admin/invites/invite_x1"));

  // What the user lets the dashboard tell, and apps.
  await step("POST /admin/analytics-configs", admin(undefined, { opt_out: true }));
  await step("POST /admin/analytics-configs/update", admin(undefined, { anonymize: true }));
  await step("GET /admin/analytics-configs", admin());
  await step("DELETE /admin/analytics-configs", admin());
  await step("GET /admin/apps", admin());
  await step("POST /admin/apps/authorizations", admin(undefined, { application_name: "app-1", state: "s", code: "c" }, { status: [400] }));

  // Notifications and batch jobs.
  await step("GET /admin/notifications", admin("/admin/notifications?limit=1000&expand=resends,provider"));
  await step("POST /admin/notifications/:id/resend", admin("/admin/notifications/noti_x1/resend", {}, { status: [404] })); // no provider
  await step("GET /admin/batch-jobs", admin("/admin/batch-jobs?limit=1000"));
  await step("GET /admin/batch-jobs/:id", admin("/admin/batch-jobs/batch_x1"));
  await step("POST /admin/batch-jobs", admin(undefined, { type: "thing-import", context: {} }, { status: [404] })); // no strategy
  await step("POST /admin/batch-jobs/:id/confirm", admin("/admin/batch-jobs/batch_x1/confirm"));
  await step("POST /admin/batch-jobs/:id/cancel", admin("/admin/batch-jobs/batch_x1/cancel"));

  // Files: no form, and no plugin that keeps them.
  await step("POST /admin/uploads", admin(undefined, {}, { status: [400] }));
  await step("POST /admin/uploads/protected", admin(undefined, {}, { status: [400] }));
  await step("POST /admin/uploads/download-url", admin(undefined, { file_key: "a" }, { status: [500] }));
  await step("DELETE /admin/uploads", admin(undefined, { file_key: "a" }, { status: [500] }));
}
