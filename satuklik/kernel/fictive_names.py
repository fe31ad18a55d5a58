"""Names for made-up people, as they are mixed in Asahan; nobody real is meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Naming:
    """How one group names its children: first words by sex, second words by sex, names of the clan."""

    men: tuple[str, ...]
    women: tuple[str, ...]
    men_second: tuple[str, ...]
    women_second: tuple[str, ...]
    clans: tuple[str, ...] = ()
    old: frozenset[str] = frozenset()
    """First words that hardly any young person has."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MUSLIM_MEN = _words(
    "Muhammad Ahmad Abdul Rahmat Hidayat Rizky Fadli Ilham Irfan Iqbal Fauzan Hafiz Hasan Husein Ali Umar "
    "Usman Ibrahim Ismail Yusuf Zulkifli Zainal Zulfikar Syahrul Syahrial Saiful Ridwan Ramadhan Rahman "
    "Nasrul Mukhlis Mahyudin Lukman Khairul Kamaruddin Jamaluddin Irwansyah Indra Imran Hendra Hamdani "
    "Fahmi Faisal Erwin Edi Dedi Darwin Burhan Baharuddin Azhar Arifin Amiruddin Ardiansyah Andika Afrizal"
)
MUSLIM_WOMEN = _words(
    "Siti Nur Nurhayati Nuraini Aisyah Fatimah Khadijah Zahra Rahma Rahmawati Rohani Rosmawati Rukiah "
    "Salma Sakinah Safitri Suryani Syarifah Yusnita Yulia Wardah Winda Ummi Tiara Halimah Hasanah Hafizah "
    "Fitri Fitriani Dahlia Dewi Desi Citra Annisa Amelia Aminah Azizah Balqis Erlina Evi Erni Ernawati "
    "Indah Intan Irma Juliana Juwita Kartini Khairani Laila Lestari Lina Masitah Maya Melati Mutiara"
)
MUSLIM_MEN_SECOND = _words(
    "Akbar Alamsyah Alfarizi Aulia Azmi Fadhil Fahreza Fathurrahman Habibi Hakim Hanafi Haris "
    "Hidayatullah Ikhsan Kurniawan Maulana Mubarak Nugraha Pratama Putra Rahmadani Ramadhani Rasyid Rifai "
    "Rizal Saputra Setiadi Syahputra Wahyudi Wijaya Yudistira Yusri Zaki Zuhri"
)
MUSLIM_WOMEN_SECOND = _words(
    "Aini Amalia Anggraini Annisa Aprilia Aulia Azzahra Damayanti Fadillah Fauziah Handayani Hasanah "
    "Hidayah Huda Humairah Jannah Kamila Khairunnisa Kurniati Lestari Maharani Maulida Nabila Oktaviani "
    "Permata Puspita Putri Rahayu Rahmadani Ramadhani Sabrina Salsabila Sari Septiani Syafitri Wulandari"
)
JAVANESE = Naming(
    men=_words(
        "Agus Bambang Budi Slamet Sutrisno Suryadi Suparman Supriyadi Sugeng Sugiono Sudirman Suwito Suroto "
        "Sumarno Sunardi Suyatno Wagiman Wahyu Widodo Tukiman Tugiman Teguh Sarwono Satria Ponimin Paimin "
        "Ngadimin Mulyono Misnan Legiman Kusno Kasman Joko Hariyanto Heri Hadi Gunawan Fajar Eko Dwi Dimas "
        "Didik Darmadi Cahyo Bayu Arif Aris Anton Andi Aditya Rudi Rianto Rizal Purwanto Prayogi Yuda"
    ),
    women=_words(
        "Sri Siti Sari Rini Rina Ratna Ratih Endang Sulastri Suparti Sumiati Suminah Sukarti Sugiarti "
        "Tumini Tukinem Waginem Wati Wahyuni Wulan Yanti Yuni Yuliana Tri Titin Tini Susi Suci Sinta Retno "
        "Puji Poniem Paini Ningsih Nining Mujiati Misni Lasmi Kartika Juminem Jumiati Ika Heni Eka Dwi Dian "
        "Devi Dewi Ayu Anik Ani Anisa Lestari Putri Nanda Bella Tasya Rahayu Murni Marni"
    ),
    men_second=_words(
        "Adiputra Anggoro Basuki Budiman Cahyono Darmawan Firmansyah Handoko Hartono Haryanto Hermawan "
        "Hidayat Irawan Kurniawan Kusuma Mulyadi Nugroho Pamungkas Prabowo Pranoto Prasetyo Pratama "
        "Purnomo Santoso Saputra Setiawan Subekti Sugiarto Sulistyo Susanto Susilo Sutanto Utomo Wibowo "
        "Wicaksono Widianto Wijaya Wijayanto Winarno Yulianto"
    ),
    women_second=_words(
        "Agustina Anggraini Astuti Damayanti Dewanti Fitriani Handayani Hartati Hastuti Indriani Kusuma "
        "Kurniasih Lestari Mardiana Mulyani Ningrum Novitasari Nurjanah Oktavia Palupi Permatasari "
        "Pertiwi Pratiwi Puspitasari Rahayu Rahmawati Safitri Saputri Setiawati Setyaningsih Sulistiawati "
        "Susanti Utami Wahyuningsih Widiastuti Wijayanti Winarsih Wulandari Yuliani Yulianti"
    ),
    old=frozenset(
        _words(
            "Slamet Sutrisno Suparman Supriyadi Sugiono Sudirman Suwito Suroto Sumarno Sunardi Suyatno Wagiman "
            "Tukiman Tugiman Sarwono Ponimin Paimin Ngadimin Mulyono Misnan Legiman Kusno Kasman Sulastri Suparti "
            "Sumiati Suminah Sukarti Sugiarti Tumini Tukinem Waginem Poniem Paini Ningsih Mujiati Misni Lasmi "
            "Juminem Jumiati Murni Marni Endang"
        )
    ),
)
MANDAILING = Naming(
    men=MUSLIM_MEN,
    women=MUSLIM_WOMEN,
    men_second=MUSLIM_MEN_SECOND,
    women_second=MUSLIM_WOMEN_SECOND,
    clans=_words(
        "Lubis Nasution Harahap Siregar Hasibuan Rangkuti Batubara Daulay Pulungan Dalimunthe Matondang "
        "Ritonga Tanjung Pohan Rambe Margolang Marpaung Sitorus Manurung Panjaitan Siagian Munthe"
    ),
)
TOBA = Naming(
    men=_words(
        "Jonathan Samuel Daniel David Markus Lukas Yohanes Petrus Paulus Andreas Stefanus Timotius Binsar "
        "Parlindungan Poltak Tumpal Togar Saut Sahat Robert Roy Ronald Richard Ramses Rudolf Mangasi Maruli "
        "Marihot Manahan Lamhot Kristian Josua Jefri Hotman Horas Hasudungan Gomgom Gabriel Frans Edward "
        "Bonar Bintang Benny Anggiat Albert Alex"
    ),
    women=_words(
        "Maria Marta Magdalena Ester Debora Rut Sarah Rebeka Ruth Rosida Rosmaida Rouli Roslina Romauli "
        "Riris Rina Ratna Nurmaida Natalia Monika Mega Melva Meriati Lusiana Lisbet Lamria Kristina Jojor "
        "Josephine Jelita Hotmaida Herlina Grace Gracia Flora Friska Erika Elisabet Dorma Dameria Christine "
        "Bunga Angelina Agnes Tiurma Tiarma Veronika Yohana"
    ),
    men_second=_words(
        "Adrian Benyamin Dapot Dolok Elisa Fernando Halomoan Immanuel Jeremia Kevin Leonardo Martua "
        "Mangatas Natanael Oloan Partogi Pandapotan Rafael Raja Sabar Saputra Tua Tulus Yosafat"
    ),
    women_second=_words(
        "Agustina Anastasia Basaria Boru Christiani Delima Evelina Feronika Hanna Indah Junita Kartika "
        "Lestari Margareta Novita Oktavia Patricia Rosalina Sondang Tiurlan Uli Valentina Wati Yunita"
    ),
    clans=_words(
        "Sinaga Simanjuntak Situmorang Sihombing Simbolon Hutagalung Hutapea Manurung Marpaung Napitupulu "
        "Nainggolan Pakpahan Panjaitan Pardede Pasaribu Purba Saragih Siahaan Sianturi Silaban Silalahi "
        "Simamora Simatupang Sinambela Sirait Sitorus Sitompul Tambunan Tampubolon Damanik Girsang Butarbutar"
    ),
)
MALAY = Naming(
    men=MUSLIM_MEN,
    women=MUSLIM_WOMEN,
    men_second=MUSLIM_MEN_SECOND,
    women_second=MUSLIM_WOMEN_SECOND,
)
MINANG = Naming(
    men=MUSLIM_MEN,
    women=MUSLIM_WOMEN,
    men_second=MUSLIM_MEN_SECOND,
    women_second=MUSLIM_WOMEN_SECOND,
    clans=_words("Chaniago Koto Piliang Tanjung Sikumbang Guci Jambak"),
)
CHINESE = Naming(
    men=_words(
        "Hendra Hendrik Edwin Erwin Andy Antoni Budi Darwin Eddy Felix Ferry Hartono Jimmy Johan Johnny "
        "Kevin Leo Michael Rudy Steven Sutanto Tony Vincent William Wilson Yanto"
    ),
    women=_words(
        "Linda Lili Lina Mei Melinda Merry Novi Shinta Susi Susanti Vivian Wati Yenny Yuliana Angela Cindy "
        "Citra Diana Elly Erica Fenny Felicia Grace Jenny Jessica Kartika"
    ),
    men_second=_words("Gunawan Halim Kusuma Lesmana Santoso Sentosa Setiawan Surya Tanoto Wibowo Widjaja"),
    women_second=_words("Anggraini Chandra Dewi Kusuma Lestari Maharani Permata Puspita Sari Wijaya"),
    clans=_words("Tan Lim Wong Chandra Salim Halim Tjandra Wijaya Gunawan Kosasih Lie Ong Tjong Huang"),
)
GROUPS = {
    "jawa": JAVANESE,
    "mandailing": MANDAILING,
    "toba": TOBA,
    "melayu": MALAY,
    "minang": MINANG,
    "tionghoa": CHINESE,
}
