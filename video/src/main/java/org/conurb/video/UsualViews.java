package org.conurb.video;

import java.util.Optional;
import org.conurb.store.Transactions;

/** The table of usual views; each call is a transaction of its own. */
final class UsualViews {
    private final Transactions transactions;

    UsualViews(Transactions transactions) {
        this.transactions = transactions;
    }

    Optional<PictureMemory.Usual> find(CameraId camera, int version) {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select looks, fields from video.usual_view where camera_id = :camera and version = :version")
                .param("camera", camera.value())
                .param("version", version)
                .query((row, n) ->
                        new PictureMemory.Usual(BrightnessGrid.of(row.getBytes("fields")), row.getInt("looks")))
                .optional());
    }

    /** Nothing happens where the camera was removed meanwhile. */
    void put(CameraId camera, int version, PictureMemory.Usual usual) {
        transactions.doAsSystem(() -> transactions
                .jdbc()
                .sql("""
                        insert into video.usual_view (camera_id, version, looks, fields)
                        select id, :version, :looks, :fields from video.camera where id = :camera
                        on conflict (camera_id) do update
                           set version = excluded.version, looks = excluded.looks, fields = excluded.fields
                        """)
                .param("camera", camera.value())
                .param("version", version)
                .param("looks", usual.looks())
                .param("fields", usual.view().bytes())
                .update());
    }
}
