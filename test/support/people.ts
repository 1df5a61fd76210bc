/** An applicant for tests, plainly made up. */
export function applicant(changes: Record<string, unknown> = {}) {
  return {
    kind: "citizen",
    name: "Nguyễn Thị Thử",
    identity: { type: "cccd", number: "093190000001" },
    phone: "0900000001",
    address: { province: "Hậu Giang", district: "Thành phố Ngã Bảy", commune: "Xã Đại Thành" },
    ...changes,
  };
}
