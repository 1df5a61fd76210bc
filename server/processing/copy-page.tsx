import type { VNode } from "preact";
import type { DossierRecord } from "../dossier/record.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { Button, ButtonLink, Checkboxes, ErrorSummary, Form, Select, TextField } from "../web/form.tsx";
import type { Choice } from "../web/form.tsx";

/** Signing the electronic copies of a dossier's papers, one or all in one go. */
export function CopyPage(props: {
  desk: Desk;
  dossier: DossierRecord;
  papers: Choice[];
  forms: Choice[];
  chosen: string[];
  form: string;
  error: string | undefined;
}): VNode {
  const { desk, dossier, papers, forms, chosen, form, error } = props;
  const back = `/ho-so/${dossier.code}`;
  return (
    <DeskPage desk={desk} title={`Ký bản sao điện tử – hồ sơ ${dossier.code}`} heading="Ký bản sao điện tử">
      <p>
        Hồ sơ <a href={back}>{dossier.code}</a>, {dossier.people.applicant.name}.
      </p>
      <ErrorSummary errors={{ "": error }} title="Chưa ký xong" />
      {papers.length === 0 ? (
        <p>Không có giấy tờ nào bạn cần ký bản sao điện tử.</p>
      ) : (
        <Form desk={desk} action={`${back}/ban-sao`} class="card copy-form">
          <p class="muted">
            Chữ ký số của bạn đặt ở góc trên bên phải trang đầu, ghi hình thức sao, tên cơ quan và thời gian
            ký. Bản quét gốc được giữ nguyên.
          </p>
          <Checkboxes
            name="giayTo"
            label="Giấy tờ đã đối chiếu với bản chính"
            choices={papers}
            values={chosen}
          />
          <Select name="form" label="Hình thức sao" choices={forms} value={form} />
          <TextField
            name="pin"
            type="password"
            label="Mã PIN của chữ ký số"
            hint="Để trống nếu dùng khóa thử nghiệm. Mã PIN không được lưu lại."
            width="short"
          />
          <div class="buttons">
            <Button shortcut="Ctrl+Enter">Ký số</Button>
            <ButtonLink href={back}>Quay lại</ButtonLink>
          </div>
        </Form>
      )}
    </DeskPage>
  );
}
